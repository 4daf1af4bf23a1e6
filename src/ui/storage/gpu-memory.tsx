// What the engine holds on the GPU at this moment, and for how many tabs and frames: once for all of them.
import { useEffect, useState } from 'react';
import type { ModelState } from '../../chat/models/model-session';
import type { EngineMemory } from '../../client/client';
import { useApp, useStore } from '../app-context';
import { formatBytes, formatCount } from '../common/format';
import { enHeld } from '../texts/en-held';
import { ptHeld } from '../texts/pt-held';
import { wordsIn } from '../texts/texts';

/** The cache grows with a conversation, and tabs come and go. */
const everyMs = 1_000;

const kindOf = (state: ModelState): ModelState['kind'] => state.kind;

export function GpuMemory() {
  const { session, texts } = useApp();
  const [memory, setMemory] = useState<EngineMemory>();
  const kind = useStore(session, kindOf);
  useEffect(() => {
    let gone = false;
    const look = async (): Promise<void> => {
      const held = await session.held();
      if (!gone) setMemory(held);
    };
    void look();
    const timer = setInterval(() => void look(), everyMs);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [session, kind]);
  // Before a model is there, and where the processor computes.
  if (!memory || memory.gpuBytes === 0) return null;
  const { language } = texts;
  const words = wordsIn(language, { en: enHeld, pt: ptHeld });
  const bytes = formatBytes(memory.gpuBytes, language);
  const { guests, here } = memory;
  return (
    <p>
      <data value={memory.gpuBytes}>
        {here && guests <= 1
          ? words.alone(bytes)
          : `${words.shared(bytes, formatCount(guests, language))} ${here ? words.here : words.elsewhere}`}
      </data>
    </p>
  );
}
