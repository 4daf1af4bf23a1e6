/** Of the launcher and the panel, inside their shadow root: nothing of it reaches the host's page, nor the reverse. */
export const styleText = `
:host { all: initial; }
.launcher {
  position: fixed; bottom: 20px; z-index: 2147483000; width: 56px; height: 56px; border: 0; border-radius: 28px;
  background: #2c5a43; color: #fff; cursor: pointer; box-shadow: 0 4px 16px rgb(0 0 0 / 25%);
}
.launcher::before { content: ''; position: absolute; inset: 17px 15px 19px; border: 2.5px solid; border-radius: 8px; }
.launcher::after { content: ''; position: absolute; left: 20px; bottom: 14px; border: 4px solid transparent; border-top-color: currentcolor; border-left-color: currentcolor; }
.launcher[aria-expanded=true]::before, .launcher[aria-expanded=true]::after { inset: calc(50% - 11px) calc(50% - 2px); width: auto; border: 0; border-radius: 2px; background: currentcolor; transform: rotate(45deg); }
.launcher[aria-expanded=true]::after { transform: rotate(-45deg); }
.launcher:focus-visible { outline: 3px solid #8fc7a6; outline-offset: 2px; }
.launcher[data-unread]:not([data-unread='']) { box-shadow: 0 0 0 4px #c8643c; }
.right { right: 20px; } .left { left: 20px; }
.panel {
  position: fixed; bottom: 88px; z-index: 2147483000; width: min(400px, calc(100vw - 40px));
  height: min(620px, calc(100vh - 120px)); border-radius: 16px; overflow: hidden;
  box-shadow: 0 8px 40px rgb(0 0 0 / 30%), 0 0 0 1px rgb(128 128 128 / 30%); background: Canvas; color-scheme: light dark;
}
.panel[hidden] { display: none; }
.panel.inline { position: static; width: 100%; height: 100%; min-height: 360px; min-width: 280px; box-shadow: none; }
iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: normal; }
@media (max-width: 480px) {
  .panel:not(.inline) {
    inset: 60px 0 0; width: auto; height: auto; border-radius: 16px 16px 0 0; box-shadow: 0 0 0 100vmax rgb(0 0 0 / 45%);
  }
  .launcher[aria-expanded=true] { bottom: auto; top: 8px; width: 44px; height: 44px; box-shadow: none; }
}
`;
