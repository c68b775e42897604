// Where this server's addresses begin: '' on a host of its own, else the path that it stands below.
export const root = document.documentElement.dataset["root"] ?? "";
