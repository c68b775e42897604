// Fetch recent feedback for dashboard
async function getFeedback() {
  const response = await fetch("/api/projects/proj_123/feedback?limit=10", {
    headers: {
      "x-api-key": "mbk_your_key_here",
    },
  });
  const data = await response.json();
  return data.data;
}
