// Mirador 3 with its text overlay, which is not to be had for Mirador 4.
import Mirador from 'mirador/dist/es/src/index';
import textOverlayPlugin from 'mirador-textoverlay/es';

window.openViewer = (config) => Mirador.viewer(config, [...textOverlayPlugin]);
