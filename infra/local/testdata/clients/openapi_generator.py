"""Creates an order, reads it and has it explained with the Python client that openapi-generator makes."""

import json
import os

import openapi_client as api

config = api.Configuration(
    host=os.environ["PORTWAY_URL"], username=os.environ["PORTWAY_KEY"], password=os.environ["PORTWAY_SECRET"]
)
with api.ApiClient(config) as client:
    orders, history = api.OrdersApi(client), api.HistoryApi(client)
    attributes = api.CreateRequestDataAttributes(
        numbers=[os.environ["PORTWAY_NUMBER"]],
        billing_name="Jane Roe",
        street="1 Main St",
        city="Olympia",
        state="WA",
        zip="98501",
        country=api.SentCountry.SentCountryUs,
        provider="Example Telco",
        usage_type=api.SentUsage.SentUsageResidential,
    )
    group = orders.create_order(api.CreateRequest(data=api.CreateRequestData(attributes=attributes)))
    order = orders.read_order(group.data.attributes.orders.data[0].id).data
    explanation = history.explain_order(order.id).data.attributes
    try:
        orders.read_order("4503599627370495")
        raise SystemExit("a missing order was read")
    except api.exceptions.NotFoundException as missing:
        error = missing.data.errors[0].code
    print(
        json.dumps(
            {
                "order": order.id,
                "group": order.attributes.group_id,
                "status": order.attributes.status.value,
                "numbers": order.attributes.numbers,
                "turn": explanation.turn.value,
                "summary": explanation.summary,
                "actions": len(explanation.actions),
                "error": error.value,
            }
        )
    )
