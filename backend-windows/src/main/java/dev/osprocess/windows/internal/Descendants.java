// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ProcessException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The children of a process. Windows keeps of a parent its number alone, which may be another's by now: so a child counts
 * only if it is not older than the bearer of that number.
 */
final class Descendants {
    private final WindowsSyscalls calls;

    Descendants(WindowsSyscalls calls) {
        this.calls = calls;
    }

    Set<Long> childrenOf(long parent) throws ProcessException {
        try {
            List<Long> candidates = candidates(parent);
            if (candidates.isEmpty()) {
                return Set.of();
            }
            long born = createdAt(parent);
            Set<Long> children = new HashSet<>();
            for (long candidate : candidates) {
                if (isChild(candidate, born)) {
                    children.add(candidate);
                }
            }
            return children;
        } catch (Win32Exception failed) {
            throw WindowsErrors.onProcess(failed, parent);
        }
    }

    private List<Long> candidates(long parent) throws Win32Exception {
        List<Long> found = new ArrayList<>();
        long snapshot = calls.createSnapshot();
        try {
            WindowsSyscalls.Listed process = calls.nextListed(snapshot, true);
            while (true) { // a snapshot has an end
                if (process.parent() == parent && process.pid() != parent && process.pid() != 0) {
                    found.add(process.pid());
                }
                process = calls.nextListed(snapshot, false);
            }
        } catch (Win32Exception end) {
            if (end.error() != Win32Error.NO_MORE_FILES) {
                throw end;
            }
            return found;
        } finally {
            Handles.close(calls, snapshot);
        }
    }

    private boolean isChild(long candidate, long parentBorn) throws Win32Exception {
        try {
            return createdAt(candidate) >= parentBorn;
        } catch (Win32Exception failed) {
            if (failed.error() == Win32Error.INVALID_PARAMETER) {
                return false; // it has ended meanwhile
            }
            if (failed.error() == Win32Error.ACCESS_DENIED) {
                return true; // whoever opens it next is told so, and nobody is hit
            }
            throw failed;
        }
    }

    private long createdAt(long pid) throws Win32Exception {
        long handle = calls.openProcess(WindowsAbi.PROCESS_QUERY_LIMITED_INFORMATION, pid);
        try {
            return calls.timesOf(handle).created();
        } finally {
            Handles.close(calls, handle);
        }
    }
}
