"""The gunicorn target ``kit.wsgi:app``: reads the settings, brings the database up to date, makes the service."""

from kit import logs
from kit.app import create_app
from kit.db.migrate import upgrade
from kit.db.session import make_engine
from kit.settings import load_settings

settings = load_settings()
logs.set_up(settings.log_format, settings.log_level)
if settings.migrate:
    engine = make_engine(settings.database)
    upgrade(engine)
    engine.dispose()
app = create_app(settings)
