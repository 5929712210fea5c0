-- Nothing leaves by webhook for a user whom the operator does not let in: it is held until they are let in again. In the database, because the command that
-- blocks somebody runs beside the server, and an attempt under way is written down after it. 253370764800000 is the time that never comes (outbox/deliveries.ts).
CREATE TRIGGER users_blocked_hold_webhooks AFTER UPDATE OF state ON users WHEN NEW.state <> 'active'
BEGIN
  UPDATE deliveries SET next_at_ms = 253370764800000
  WHERE channel = 'webhook' AND state = 'waiting' AND target IN (SELECT id FROM webhooks WHERE user_id = NEW.id);
END;

-- What a paused endpoint holds waits on.
CREATE TRIGGER users_active_release_webhooks AFTER UPDATE OF state ON users WHEN NEW.state = 'active' AND OLD.state <> 'active'
BEGIN
  UPDATE deliveries SET next_at_ms = created_at_ms
  WHERE channel = 'webhook' AND state = 'waiting' AND next_at_ms = 253370764800000
    AND target IN (SELECT id FROM webhooks WHERE user_id = NEW.id AND state = 'active');
END;

CREATE TRIGGER deliveries_queued_while_blocked AFTER INSERT ON deliveries
WHEN NEW.channel = 'webhook' AND NEW.state = 'waiting' AND EXISTS (SELECT 1 FROM users WHERE id = NEW.user_id AND state <> 'active')
BEGIN
  UPDATE deliveries SET next_at_ms = 253370764800000 WHERE seq = NEW.seq;
END;

CREATE TRIGGER deliveries_retried_while_blocked AFTER UPDATE OF next_at_ms ON deliveries
WHEN NEW.channel = 'webhook' AND NEW.state = 'waiting' AND NEW.next_at_ms < 253370764800000
  AND EXISTS (SELECT 1 FROM users WHERE id = NEW.user_id AND state <> 'active')
BEGIN
  UPDATE deliveries SET next_at_ms = 253370764800000 WHERE seq = NEW.seq;
END;

-- Those who are blocked already.
UPDATE deliveries SET next_at_ms = 253370764800000
WHERE channel = 'webhook' AND state = 'waiting'
  AND target IN (SELECT w.id FROM webhooks w JOIN users u ON u.id = w.user_id WHERE u.state <> 'active');
