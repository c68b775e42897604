curl -H "x-api-key: mbk_abc123..." \
  "https://your-domain.com/api/projects"
