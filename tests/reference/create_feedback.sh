curl -X POST \
  -H "x-api-key: mbk_abc123..." \
  -H "Content-Type: application/json" \
  -d '{"message": "Bug found on checkout page", "context": {"url": "https://example.com/checkout"}}' \
  https://your-domain.com/api/projects/proj_123/feedback
