-- Which ways do tickets come?
--
-- Tickets by quarter and source, and how many of the quarter's came that way.

select
    strftime(created_at, '%Y') || ' Q' || quarter(created_at) as quarter,
    coalesce(source_name, 'source ' || source) as channel,
    count(*) as tickets,
    round(100 * count(*) / sum(count(*)) over (partition by quarter), 1) as percent
from views.ticket_enriched
where not deleted and not spam
group by quarter, source, source_name
order by quarter, tickets desc, channel
