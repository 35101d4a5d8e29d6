-- What opens port 25, and what lets a case be approved, follow from the case's events alone, whoever writes:
--   an exemption starts and ends with the event that decided it, at its time, and is never rewritten or removed;
--   one runs exactly while its case is approved;
--   a case's band is what its checks came to;
--   what was written, attested and found stays as it was.

CREATE FUNCTION cases_check_exemption() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about uuid;
    last cases_caseevent%ROWTYPE;
BEGIN
    SELECT subscription_id INTO about FROM cases_case WHERE id = NEW.case_id;
    SELECT * INTO last FROM cases_caseevent
        WHERE case_id = NEW.case_id AND from_state <> to_state ORDER BY seq DESC LIMIT 1;
    IF TG_OP = 'INSERT' THEN
        IF last.to_state IS DISTINCT FROM 'approved' OR NEW.subscription_id IS DISTINCT FROM about
            OR NEW.starts_at <> last.at OR NEW.ends_at IS NOT NULL THEN
            RAISE EXCEPTION 'no exemption of subscription % starts without the approval of its case', NEW.subscription_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF (NEW.id, NEW.case_id, NEW.subscription_id, NEW.starts_at)
            IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.subscription_id, OLD.starts_at)
        OR OLD.ends_at IS NOT NULL OR last.from_state <> 'approved' OR NEW.ends_at IS DISTINCT FROM last.at THEN
        RAISE EXCEPTION 'the exemption of subscription % ends with the event that ends it, and stays as it was', OLD.subscription_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- At commit, since a case moves before its exemption starts or ends.
CREATE FUNCTION cases_check_running() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_approved boolean;
    running integer;
BEGIN
    SELECT state = 'approved' INTO is_approved FROM cases_case WHERE id = NEW.id;
    SELECT count(*) INTO running FROM cases_exemption WHERE case_id = NEW.id AND ends_at IS NULL;
    IF running <> is_approved::integer THEN
        RAISE EXCEPTION 'case % is %, and % exemptions of it run', NEW.reference, NEW.state, running
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION cases_check_band() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last cases_caseevent%ROWTYPE;
BEGIN
    SELECT * INTO last FROM cases_caseevent WHERE case_id = NEW.id ORDER BY seq DESC LIMIT 1;
    IF NOT (last.kind = 'checks_started' AND NEW.band = ''
            OR last.kind = 'checks_ended' AND NEW.band = last.data ->> 'band') THEN
        RAISE EXCEPTION 'the band of case % is what its checks came to', OLD.reference
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER exemptions_follow_events BEFORE INSERT OR UPDATE ON cases_exemption
    FOR EACH ROW EXECUTE FUNCTION cases_check_exemption();
CREATE TRIGGER exemptions_stay BEFORE DELETE ON cases_exemption
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER exemptions_stay_all BEFORE TRUNCATE ON cases_exemption
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
CREATE CONSTRAINT TRIGGER exempt_while_approved AFTER UPDATE OF state ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND 'approved' IN (OLD.state, NEW.state))
    EXECUTE FUNCTION cases_check_running();
CREATE CONSTRAINT TRIGGER exempt_if_born_approved AFTER INSERT ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'approved')
    EXECUTE FUNCTION cases_check_running();
CREATE TRIGGER cases_band_by_checks BEFORE UPDATE OF band ON cases_case
    FOR EACH ROW WHEN (OLD.band <> NEW.band) EXECUTE FUNCTION cases_check_band();

CREATE TRIGGER messages_stay BEFORE UPDATE OR DELETE ON cases_casemessage
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER messages_stay_all BEFORE TRUNCATE ON cases_casemessage
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER notes_stay BEFORE UPDATE OR DELETE ON cases_privatenote
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER notes_stay_all BEFORE TRUNCATE ON cases_privatenote
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER attestations_stay BEFORE UPDATE OR DELETE ON cases_attestation
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER attestations_stay_all BEFORE TRUNCATE ON cases_attestation
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER signals_stay BEFORE UPDATE OR DELETE ON cases_signalrow
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER signals_stay_all BEFORE TRUNCATE ON cases_signalrow
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER ended_rounds_stay BEFORE UPDATE ON cases_checkround
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER rounds_stay BEFORE DELETE ON cases_checkround
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER rounds_stay_all BEFORE TRUNCATE ON cases_checkround
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
