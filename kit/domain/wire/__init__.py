"""The payloads, once: they validate what arrives, give the OpenAPI document and the TypeScript types."""
