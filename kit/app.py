"""``create_app(settings)``: the only place where the parts meet."""

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from kit.assets import Assets
from kit.db.session import Database
from kit.settings import Settings, secret_key
from kit.views import AUDIENCES, failures, guards, headers, observe
from kit.views.state import State

MAX_BODY_BYTES = 2_000_000


def create_app(settings: Settings) -> Flask:
    """The service for these settings. The database must be up to date: see ``kit.db.migrate.upgrade``."""
    app = Flask("kit", static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY=secret_key(settings),
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        SESSION_COOKIE_NAME="kit_session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # pages send no referrer, which this check would ask for
    )
    assets = Assets()
    app.extensions["kit"] = State(settings, Database(settings.database), assets)
    app.jinja_env.globals["assets"] = assets
    csrf = CSRFProtect(app)
    for attach in (observe.attach, headers.attach, failures.attach):
        attach(app)
    for audience in AUDIENCES:
        guards.attach(app, audience)
        if not audience.csrf:
            csrf.exempt(audience.blueprint)
    # This form is large: its token is read with its files, after the guard has let its sender in.
    csrf.exempt("kit.views.admin.uploads.upload")
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
