curl "https://your-domain.com/api/projects/PROJECT_ID/feedback?api_key=your_api_key_here"
