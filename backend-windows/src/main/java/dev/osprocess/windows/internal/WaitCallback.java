// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import com.sun.jna.Callback;

/** WAITORTIMERCALLBACK (winnt.h): what a satisfied wait calls. */
interface WaitCallback extends Callback {
    /**
     * The wait of this key is over.
     *
     * @param timedOut not 0 if it was the time that ended it
     */
    void callback(long key, byte timedOut);
}
