"""The least that a function can do."""


def app(event, context):  # noqa: ARG001
    return {"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": "ok"}
