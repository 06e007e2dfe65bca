"""Everything measured as files: tables, their columns, formats, codebook, manifest and a worked notebook."""

from kit.db.export.archive import folder_files, stream_table, stream_zip, zip_bytes
from kit.db.export.columns import TABLES, Column, Table
from kit.db.export.reading import Record, export_rows, one_picture
from kit.db.export.writing import FORMATS, INSTALL_PARQUET, check_format, has_parquet, write_file

__all__ = [
    "FORMATS",
    "INSTALL_PARQUET",
    "TABLES",
    "Column",
    "Record",
    "Table",
    "check_format",
    "export_rows",
    "folder_files",
    "has_parquet",
    "one_picture",
    "stream_table",
    "stream_zip",
    "write_file",
    "zip_bytes",
]
