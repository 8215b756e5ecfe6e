/** Styles are imported for the build to gather. */
declare module '*.css'
