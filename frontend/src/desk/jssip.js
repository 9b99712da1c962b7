// JsSIP, under the types that stand beside this file.

export { UA } from "jssip";
