// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ProcessException;

/**
 * The job whose members end with this JVM (START-38): its one handle is ours, is not inheritable, and is never closed but
 * by the end of this process, which makes the system end the members. So no release and no close of an object kills.
 */
final class JvmJob {
    private final WindowsSyscalls calls;
    private long job;

    JvmJob(WindowsSyscalls calls) {
        this.calls = calls;
    }

    /** The job, made when it is needed for the first time. */
    synchronized long handle() throws ProcessException {
        if (job == 0) {
            long made = 0;
            boolean ready = false;
            try {
                made = calls.createJob();
                calls.setJobLimits(made, WindowsAbi.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE);
                job = made;
                ready = true;
            } catch (Win32Exception failed) {
                throw WindowsErrors.of(failed);
            } finally {
                if (!ready) {
                    Handles.close(calls, made);
                }
            }
        }
        return job;
    }
}
