// The sections of settings in the order in which they stand. A new one is a component in a file of its own and a line
// here; it brings its own heading's text.
import type { ComponentType } from 'react';
import type { Texts } from '../texts/en';
import { InstallSection } from '../install/install-section';
import { installWords } from '../install/install-words';
import { PrivacySection } from '../privacy/privacy-section';
import { RemoteSection } from '../remote/remote-section';
import { remoteWords } from '../texts/remote-words';
import { safetyWords } from '../texts/safety-words';
import { AnswersSection } from './answers-section';
import { DataSection } from './data-section';
import { LookSection } from './look-section';
import { PersonasSection } from './personas-section';
import { SafetySection } from './safety-section';
import { SpeechSection } from './speech-section';
import { StorageSection } from './storage-section';

export interface SettingsSection {
  readonly id: string;
  readonly title: (texts: Texts) => string;
  readonly Section: ComponentType;
}

export const sections: readonly SettingsSection[] = [
  { id: 'look', title: (texts) => texts.pageHeading, Section: LookSection },
  { id: 'answers', title: (texts) => texts.answersHeading, Section: AnswersSection },
  { id: 'personas', title: (texts) => texts.personas.title, Section: PersonasSection },
  { id: 'speech', title: (texts) => texts.speech.heading, Section: SpeechSection },
  { id: 'safety', title: (texts) => safetyWords(texts.language).heading, Section: SafetySection },
  { id: 'remote', title: (texts) => remoteWords(texts.language).heading, Section: RemoteSection },
  { id: 'storage', title: (texts) => texts.places.heading, Section: StorageSection },
  { id: 'privacy', title: (texts) => texts.privacy.heading, Section: PrivacySection },
  { id: 'install', title: (texts) => installWords(texts).title, Section: InstallSection },
  { id: 'data', title: (texts) => texts.data.title, Section: DataSection },
];
