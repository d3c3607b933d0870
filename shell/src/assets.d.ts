declare module '*.css'
declare module '@dcesop/sdk-plugin/ui/styles.css'
