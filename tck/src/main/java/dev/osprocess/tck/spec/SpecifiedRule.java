// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.spec;

/**
 * One rule as docs/specification.md has it, in Markdown.
 *
 * @param id {@code WAIT-13}
 * @param area {@code WAIT}
 * @param sentence what holds
 * @param why the mistake that it prevents
 * @param state {@code kept: …}, {@code kept, untested: …}, {@code deviates: …} or {@code not yet: …}
 */
public record SpecifiedRule(String id, String area, String sentence, String why, String state) {
    private static final String KEPT = "kept: ";

    /** The first sentence of the rule, as plain text. */
    public String title() {
        String text = plain(sentence);
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }

    /** Why no test of the kit shows it, as far as the specification itself says so. */
    public String reason() {
        return state.startsWith(KEPT)
                ? "not in the kit; proved by " + plain(state.substring(KEPT.length()))
                : plain(state);
    }

    /** Markdown without the marks that rules have: code and links. */
    public static String plain(String markdown) {
        return markdown.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1").replace("`", "");
    }
}
