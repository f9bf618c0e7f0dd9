// The bundle's entry `dist/function-child.mjs`.
import './child.mjs';
