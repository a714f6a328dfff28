/** Rows of data files as JSON objects, whatever the format of the file. Knows no content. */
@NullMarked
package io.urteil.table;

import org.jspecify.annotations.NullMarked;
