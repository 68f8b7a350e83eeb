// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link OsProcess} is made from its life, without a public constructor: {@code OsProcess} leaves its maker here
 * when it is loaded. The kit uses it to put the front over engines of its own.
 */
public abstract class FrontDoor {
    private static volatile @Nullable FrontDoor door;

    /** For {@code OsProcess} alone. */
    protected FrontDoor() {}

    /** Called once, by {@code OsProcess} when it is loaded. */
    public static void install(FrontDoor made) {
        door = made;
    }

    /** The front of this life. */
    protected abstract OsProcess front(LifeCycle life);

    /** The front of this life. */
    public static OsProcess frontOf(LifeCycle life) {
        FrontDoor made = door;
        if (made == null) {
            OsProcess.loaded();
            made = door;
            if (made == null) {
                throw new AssertionError("internal error: OsProcess was loaded and left no front door");
            }
        }
        return made.front(life);
    }

    /** Starts a program over an engine of the kit's own. */
    public static OsProcess start(Engine engine, String program, List<String> arguments, ProcessAttributes attributes)
            throws ProcessException {
        return frontOf(engine.start(OsString.of(program), Engine.osStrings(arguments), attributes));
    }

    /** Finds a process over an engine of the kit's own. */
    public static OsProcess find(Engine engine, long pid) throws ProcessException {
        return frontOf(engine.find(pid));
    }
}
