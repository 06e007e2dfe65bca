// A list of listeners that forgets nobody and nothing.

export interface Listeners<T> {
  add(listener: (value: T) => void): () => void;
  emit(value: T): void;
  clear(): void;
}

export function makeListeners<T>(): Listeners<T> {
  const all = new Set<(value: T) => void>();
  return {
    add(listener) {
      all.add(listener);
      return () => all.delete(listener);
    },
    emit(value) {
      for (const listener of [...all]) listener(value);
    },
    clear() {
      all.clear();
    },
  };
}
