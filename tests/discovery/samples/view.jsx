export const View = () => <p>Don't {process.env.IN_MARKUP} it's fine</p> // reads: IN_MARKUP
