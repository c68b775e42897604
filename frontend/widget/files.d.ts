// The build puts the text of a stylesheet, without its spaces, where it is imported.
declare module "*.css" {
  const text: string;
  export default text;
}
