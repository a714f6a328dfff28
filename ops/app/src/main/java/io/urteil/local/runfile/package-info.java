/** Run files of a user of this machine: checked against its files, and changed by options. */
@NullMarked
package io.urteil.local.runfile;

import org.jspecify.annotations.NullMarked;
