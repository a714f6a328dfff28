/** Chat templates of model directories. Uses jinja and model.file. */
@NullMarked
package io.urteil.model.chat;

import org.jspecify.annotations.NullMarked;
