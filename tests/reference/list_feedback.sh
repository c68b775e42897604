curl -H "x-api-key: mbk_abc123..." \
  "https://your-domain.com/api/feedback?status=NEW&pageSize=20"
