"""What only HTTP needs: policy, contract, problems, streaming, idempotency, throttling, observability, server."""
