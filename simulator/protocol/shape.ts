/**
 * What an operation reads, as data: one description serves the query protocol, JSON, and the type of the
 * input. `list` takes the element name the query protocol uses (`Filters.Filter.1`), from the service's model.
 */
export type Shape = TextShape | IntegerShape | BooleanShape | TimestampShape | ListShape | StructureShape;

export interface TextShape {
  readonly type: "text";
}
export interface IntegerShape {
  readonly type: "integer";
}
export interface BooleanShape {
  readonly type: "boolean";
}
export interface TimestampShape {
  readonly type: "timestamp";
}
export interface ListShape<E = unknown> {
  readonly type: "list";
  readonly element: string;
  readonly of: E;
}
export interface StructureShape<M = unknown> {
  readonly type: "structure";
  readonly members: M;
}

/** The members of a structure; wrap one in `required` to have its absence refused. */
export type Members = Readonly<Record<string, Shape & { readonly required?: true }>>;

/** The value a shape is read into; optional members are present as `undefined`. */
export type Read<S> = S extends { type: "text" }
  ? string
  : S extends { type: "integer" }
    ? number
    : S extends { type: "boolean" }
      ? boolean
      : S extends { type: "timestamp" }
        ? Date
        : S extends { type: "list"; of: infer E }
          ? Read<E>[]
          : S extends { type: "structure"; members: infer M }
            ? ReadMembers<M>
            : never;

export type ReadMembers<M> = {
  readonly [K in keyof M]: M[K] extends { required: true } ? Read<M[K]> : Read<M[K]> | undefined;
};

export const text: TextShape = { type: "text" };
export const integer: IntegerShape = { type: "integer" };
export const boolean: BooleanShape = { type: "boolean" };
export const timestamp: TimestampShape = { type: "timestamp" };

export const list = <E extends Shape>(element: string, of: E): ListShape<E> => ({
  type: "list",
  element,
  of,
});

export const structure = <M extends Members>(members: M): StructureShape<M> => ({
  type: "structure",
  members,
});

export const required = <S extends Shape>(shape: S): S & { readonly required: true } => ({
  ...shape,
  required: true,
});
