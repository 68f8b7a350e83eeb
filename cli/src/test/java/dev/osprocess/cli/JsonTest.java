// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void keepsTheOrderAndWritesNulls() {
        assertEquals(
                "{\"b\":\"x\",\"a\":null,\"n\":-1,\"none\":null,\"yes\":true,\"list\":[\"p\",\"q\"],\"empty\":[]}",
                new Json()
                        .put("b", "x")
                        .put("a", (String) null)
                        .put("n", -1L)
                        .put("none", (Long) null)
                        .put("yes", true)
                        .put("list", List.of("p", "q"))
                        .put("empty", List.of())
                        .toString());
    }

    @Test
    void escapesWhatJsonForbidsAndWhatATerminalSpoils() {
        assertEquals(
                "{\"k\\\"\":\"\\\\ \\u000a\\u0009\\u0000\\u001f\\u007f\\u00e9\\ud83d\\ude00/\"}",
                new Json().put("k\"", "\\ \n\t\0\u001f\u007fé😀/").toString());
    }

    @Test
    void anEmptyObjectIsOne() {
        assertEquals("{}", new Json().toString());
    }
}
