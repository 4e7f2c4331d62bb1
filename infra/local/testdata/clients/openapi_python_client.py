"""Creates an order, reads it and has it explained with the client that openapi-python-client makes."""

import json
import os

import httpx
from portway_the_porting_api_client import Client, models
from portway_the_porting_api_client.api.history import explain_order
from portway_the_porting_api_client.api.orders import create_order, read_order

credentials = httpx.BasicAuth(os.environ["PORTWAY_KEY"], os.environ["PORTWAY_SECRET"])
with Client(base_url=os.environ["PORTWAY_URL"], httpx_args={"auth": credentials}) as client:
    attributes = models.CreateRequestDataAttributes(
        numbers=[os.environ["PORTWAY_NUMBER"]],
        billing_name="Jane Roe",
        street="1 Main St",
        city="Olympia",
        state="WA",
        zip_="98501",
        country=models.SentCountry.SENT_COUNTRY_US,
        provider="Example Telco",
        usage_type=models.SentUsage.SENT_USAGE_RESIDENTIAL,
    )
    group = create_order.sync(
        client=client, body=models.CreateRequest(data=models.CreateRequestData(attributes=attributes))
    )
    assert isinstance(group, models.GroupDocument), group
    read = read_order.sync(str(group.data.attributes.orders.data[0].id), client=client)
    assert isinstance(read, models.OrderDocument), read
    explained = explain_order.sync(read.data.id, client=client)
    assert isinstance(explained, models.ExplanationDocument), explained
    missing = read_order.sync("4503599627370495", client=client)
    assert isinstance(missing, models.Errors), missing
    order, explanation = read.data.attributes, explained.data.attributes
    print(
        json.dumps(
            {
                "order": read.data.id,
                "group": order.group_id,
                "status": order.status.value,
                "numbers": order.numbers,
                "turn": explanation.turn.value,
                "summary": explanation.summary,
                "actions": len(explanation.actions),
                "error": missing.errors[0].code.value,
            }
        )
    )
