// Every model of the catalogue with whether it fits this device.
import { useEffect, useState } from 'react';
import { toAppError, type AppError } from '../../base/errors';
import type { ModelList } from '../../protocol/models';
import { useApp } from '../app-context';

/** Undefined while the device is looked at. */
export function useModelList(): ModelList | { readonly error: AppError } | undefined {
  const { session, texts } = useApp();
  const [list, setList] = useState<ModelList | { readonly error: AppError } | undefined>(undefined);
  useEffect(() => {
    let current = true;
    session.list(texts.language).then(
      (found) => current && setList(found),
      (thrown: unknown) => current && setList({ error: toAppError(thrown) }),
    );
    return () => {
      current = false;
    };
  }, [session, texts]);
  return list;
}
