curl -H "x-api-key: your_api_key_here" \
  https://your-domain.com/api/projects/PROJECT_ID/feedback
