"""Networks written in other software's formats; each module writes one."""
