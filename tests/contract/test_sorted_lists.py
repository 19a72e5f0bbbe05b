"""Lists that people search name the orders in which they are told; every list says in words what its order is."""

from typing import Any

SORTED = {
    "/v1/organisations": ["newest", "oldest", "name"],
    "/v1/applications": ["newest", "oldest", "name", "number"],
    "/v1/awards": ["newest", "oldest", "name", "expiry"],
    "/v1/audit-entries": ["newest", "oldest"],
}


def test_the_contract_names_the_orders(contract: dict[str, Any]) -> None:
    for path, words in SORTED.items():
        (told,) = [item for item in contract["paths"][path]["get"]["parameters"] if item.get("name") == "sort"]
        schema = contract["components"]["schemas"][told["schema"]["$ref"].rpartition("/")[2]]
        assert (schema["enum"], told["schema"]["default"], "required" in told) == (words, "newest", False)
        assert set(schema["x-enum-labels"]) == set(words) and told["description"]
