# SPDX-License-Identifier: Apache-2.0
"""A federated average, written as the documentation of vantage6-algorithm-tools 4.15 tells."""

from vantage6.algorithm.tools.decorators import algorithm_client, data
from vantage6.algorithm.tools.util import info


@algorithm_client
def central(client, column):
    organizations = [organization["id"] for organization in client.organization.list()]
    task = client.task.create(
        input_={"method": "partial", "kwargs": {"column": column}}, organizations=organizations,
        name="partial", description="the average of one site",
    )
    results = client.wait_for_results(task_id=task["id"], interval=0.2)
    info(f"{len(results)} results")
    count = sum(result["count"] for result in results)
    return {"average": sum(result["sum"] for result in results) / count, "count": count}


@data(1)
def partial(frame, column):
    return {"sum": float(frame[column].sum()), "count": int(frame[column].count())}
