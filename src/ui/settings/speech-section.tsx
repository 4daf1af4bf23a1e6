// Whether answers can be read aloud here, and if not, why the button is absent.
import { useApp } from '../app-context';
import { useSpeech } from '../chat/answers/speech';

export function SpeechSection() {
  const { texts } = useApp();
  const speech = useSpeech(texts.language);
  const words = {
    ready: texts.speech.ready,
    'no-local-voice': texts.speech.none,
    unsupported: texts.speech.unsupported,
  };
  return <p className="note">{words[speech]}</p>;
}
