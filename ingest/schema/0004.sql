-- Version 4: how the configuration had a file read, its map or ai_spend, as a hash: to know that it has changed since.
CREATE TABLE file_readings (
    x_File  INTEGER NOT NULL,
    reading VARCHAR              -- NULL: nobody knows. A file without a row was read as the program reads it.
);
INSERT INTO file_readings SELECT x_File, NULL FROM files;
