// The bundle's entry `dist/function-child.js`.
import './child.mjs';
