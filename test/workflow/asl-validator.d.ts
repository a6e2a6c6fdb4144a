declare module "asl-validator" {
  const validate: (
    definition: object,
    options?: object,
  ) => { isValid: boolean; errorsText?: (separator?: string) => string };
  export default validate;
}
