/** JSON, hashes and errors of model files. Uses nothing of ours. */
@NullMarked
package io.urteil.model.file;

import org.jspecify.annotations.NullMarked;
