import { findsMutation, THESIS_MUTATIONS } from "./fuzz_cases.ts";

for (const mutation of THESIS_MUTATIONS) findsMutation(mutation, 300);
