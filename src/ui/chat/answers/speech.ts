// Reading aloud, by a voice that is on this device and no other: a remote one would send the answer away.
import { useSyncExternalStore } from 'react';
import { Subscribable } from '../../../chat/subscribable';

const synthesis = (): SpeechSynthesis | undefined =>
  (globalThis as { speechSynthesis?: SpeechSynthesis }).speechSynthesis;

/** A local voice for the language, the nearest there is. */
export function localVoice(
  voices: readonly SpeechSynthesisVoice[],
  language: string,
): SpeechSynthesisVoice | undefined {
  const base = language.toLowerCase().split('-')[0] ?? '';
  const local = voices.filter((voice) => voice.localService && isLanguage(voice.lang, base));
  return local.find((voice) => voice.lang.toLowerCase() === language.toLowerCase()) ?? local[0];
}

function isLanguage(tag: string, base: string): boolean {
  return tag.toLowerCase().split(/[-_]/)[0] === base;
}

class Speaker extends Subscribable<string | undefined> {
  /** The state is what is being read: the id of a message. */
  constructor() {
    super(undefined);
  }

  speak(id: string, text: string, language: string): void {
    const speech = synthesis();
    const voice = speech && localVoice(speech.getVoices(), language);
    if (!speech || !voice) return;
    this.stop();
    this.set(id);
    // Chrome falls silent in the middle of a long utterance: sentences one after the other.
    const sentences = text.match(/[^.!?。！？\n]+[.!?。！？]*\s*/g) ?? [text];
    sentences.forEach((sentence, index) => {
      const utterance = new SpeechSynthesisUtterance(sentence);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      const last = index === sentences.length - 1;
      utterance.onend = () => {
        if (last && this.getState() === id) this.set(undefined);
      };
      utterance.onerror = () => {
        if (this.getState() === id) this.set(undefined);
      };
      speech.speak(utterance);
    });
  }

  stop(): void {
    this.set(undefined);
    synthesis()?.cancel();
  }
}

export const speaker = new Speaker();

function subscribeVoices(onChange: () => void): () => void {
  const speech = synthesis();
  speech?.addEventListener?.('voiceschanged', onChange);
  return () => speech?.removeEventListener?.('voiceschanged', onChange);
}

/** Whether an answer can be read aloud in that language, and if not, why. */
export function useSpeech(language: string): 'unsupported' | 'no-local-voice' | 'ready' {
  return useSyncExternalStore(subscribeVoices, () => {
    const speech = synthesis();
    if (!speech) return 'unsupported';
    return localVoice(speech.getVoices(), language) ? 'ready' : 'no-local-voice';
  });
}
