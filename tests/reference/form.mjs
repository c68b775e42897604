// Submit feedback from your own form
async function submitFeedback(message, pageUrl) {
  const response = await fetch("/api/projects/proj_123/feedback", {
    method: "POST",
    headers: {
      "x-api-key": "mbk_your_key_here",
      "Content-Type": "application/json",
    },
    body: JSON.stringify({
      message,
      context: { url: pageUrl },
    }),
  });
  return response.json();
}
