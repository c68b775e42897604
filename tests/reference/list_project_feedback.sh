curl -H "x-api-key: mbk_abc123..." \
  "https://your-domain.com/api/projects/proj_123/feedback?status=NEW&limit=10"
