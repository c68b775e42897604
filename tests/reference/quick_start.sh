curl -H "x-api-key: YOUR_KEY" https://your-domain.com/api/projects
