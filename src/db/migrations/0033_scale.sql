-- Found by their role in every process that starts and at every ticket; customers are many.
CREATE INDEX users_operators ON users (id) WHERE role = 'operator';

-- What nobody decided in time is listed from the newest on, however much of it there is.
DROP INDEX reviews_open;
CREATE INDEX reviews_open ON reviews (created_at_ms, message_id) WHERE state = 'open';
